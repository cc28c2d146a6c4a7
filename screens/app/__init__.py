"""The full screen: the app and its screens, drawn with Textual."""
