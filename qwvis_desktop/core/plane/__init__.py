"""What lies in the plane: forms, editing, overlap, order."""
