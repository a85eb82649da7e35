"""Cisco-style collaboration calls from Wireshark captures: tables, ladders, media paths, findings."""
