module example.com/globex/farewell

go 1.21
