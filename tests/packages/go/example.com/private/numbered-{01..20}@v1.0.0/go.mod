module example.com/private/numbered-{01..20}

go 1.21
