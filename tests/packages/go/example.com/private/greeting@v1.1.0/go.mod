module example.com/private/greeting

go 1.21

require example.com/private/words v1.0.0
