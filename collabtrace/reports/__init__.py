"""One case as one self-contained page of HTML."""
