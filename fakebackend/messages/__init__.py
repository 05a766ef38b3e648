"""HTTP and nothing else: what a request and a response are made of."""
