"""Which recipe helps on a data set, found out by training on it: candidates, their copies, and the judgement."""
