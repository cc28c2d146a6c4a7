"""What each kind of evidence becomes in the case, once it is known what it is: one module for each kind."""
