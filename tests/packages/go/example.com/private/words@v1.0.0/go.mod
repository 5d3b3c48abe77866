module example.com/private/words

go 1.21
