"""The cmdlets of Exchange and of Windows on its servers, over the practice world."""
