"""One search over everything: things, concepts, questions, quotations and terms, in the forms that people use."""
