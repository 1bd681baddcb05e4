"""What people are asked about: the objects that a run means, why some are left out, and the job's input manifest."""
