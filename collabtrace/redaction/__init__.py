"""Captures that can leave the house: everything private replaced consistently, everything not understood blanked."""
