module qna

go 1.24

require github.com/prometheus/client_golang v1.25.0
