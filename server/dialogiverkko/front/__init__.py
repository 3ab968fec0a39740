"""What stands before the application: answers kept, a bounded queue, deadlines, and workers that may be killed."""
