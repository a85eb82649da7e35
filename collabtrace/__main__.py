"""``python -m collabtrace`` is the command line."""

from collabtrace.cli import main

main()
