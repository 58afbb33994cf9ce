"""What people drop: opening, probing, decoding and encoding for sending."""
