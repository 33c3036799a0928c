"""What is kept: files, stages, workspaces, journals of lines, the queue and the leases."""
