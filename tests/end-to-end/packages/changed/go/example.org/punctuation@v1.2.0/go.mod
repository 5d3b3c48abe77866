module example.org/punctuation

go 1.21
