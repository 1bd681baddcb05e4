"""One folder per Lambda function, each with a thin handler."""
