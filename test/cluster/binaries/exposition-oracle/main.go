// Says of each page of metrics what Prometheus itself makes of it. Reads one JSON object a line from standard input,
// {"page": bytes in base64, "contentType": text}, and answers each with one line.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
)

type question struct {
	Page        []byte `json:"page"`
	ContentType string `json:"contentType"`
}

type series struct {
	Labels map[string]string `json:"labels"`
	Value  string            `json:"value"`
	// In milliseconds; null where the page gives none.
	Timestamp *int64 `json:"timestamp"`
}

type answer struct {
	// Which parser a scrape chooses by the Content-Type: text, openmetrics, protobuf; empty where it refuses.
	Format string `json:"format"`
	// Why a scrape fails; empty where it does not.
	Scrape string   `json:"scrape"`
	Series []series `json:"series"`
	// Why `promtool check metrics` cannot read the page; empty where it can.
	Promtool string   `json:"promtool"`
	Findings []string `json:"findings"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	decoder := json.NewDecoder(in)
	encoder := json.NewEncoder(out)
	for {
		var asked question
		if err := decoder.Decode(&asked); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		given := answer{Series: []series{}, Findings: []string{}}
		scrape(asked, &given)
		lint(asked, &given)
		if err := encoder.Encode(given); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// What scrape/scrape.go does with an answer until it appends, and the one rule of tsdb/head_append.go that no label
// stands twice.
func scrape(asked question, given *answer) {
	defer func() {
		if reason := recover(); reason != nil {
			given.Scrape = fmt.Sprint("panic: ", reason)
		}
	}()
	parser, err := textparse.New(asked.Page, asked.ContentType, labels.NewSymbolTable(), textparse.ParserOptions{})
	if parser == nil {
		given.Scrape = err.Error()
		return
	}
	switch parser.(type) {
	case *textparse.PromParser:
		given.Format = "text"
	case *textparse.OpenMetricsParser:
		given.Format = "openmetrics"
	default:
		given.Format = "protobuf"
		return
	}
	for {
		entry, err := parser.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			given.Scrape = err.Error()
			return
		}
		if entry != textparse.EntrySeries {
			continue
		}
		var set labels.Labels
		_, timestamp, value := parser.Series()
		parser.Labels(&set)
		if name, twice := set.HasDuplicateLabelNames(); twice {
			given.Scrape = "label name is not unique: " + name
			return
		}
		if !set.Has(model.MetricNameLabel) || !set.IsValid(model.UTF8Validation) {
			given.Scrape = "invalid metric name or label names"
			return
		}
		one := series{Labels: set.Map(), Value: strconv.FormatFloat(value, 'g', -1, 64)}
		if timestamp != nil {
			at := *timestamp
			one.Timestamp = &at
		}
		given.Series = append(given.Series, one)
	}
}

// What cmd/promtool does for `check metrics`.
func lint(asked question, given *answer) {
	defer func() {
		if reason := recover(); reason != nil {
			given.Promtool = fmt.Sprint("panic: ", reason)
		}
	}()
	problems, err := promlint.New(bytes.NewReader(asked.Page)).Lint()
	if err != nil {
		given.Promtool = err.Error()
		return
	}
	for _, problem := range problems {
		given.Findings = append(given.Findings, problem.Metric+" "+problem.Text)
	}
}
