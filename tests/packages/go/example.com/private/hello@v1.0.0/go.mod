module example.com/private/hello

go 1.21

require example.com/private/greeting v1.0.0
