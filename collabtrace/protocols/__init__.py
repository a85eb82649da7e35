"""One module per protocol, bytes to values and back; no input or output, no pandas, no judgement."""
