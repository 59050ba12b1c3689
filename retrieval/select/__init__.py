"""A closer look at the best sentences: does this one answer the question?"""
