module qna-ready/test/cluster/binaries/pause

go 1.26.0
