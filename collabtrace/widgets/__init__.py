"""What can be clicked through in a notebook; every widget has a static twin for documents that run nothing."""
