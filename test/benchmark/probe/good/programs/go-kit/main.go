// A service of Go kit: endpoints behind its HTTP transport, with its metrics and its logger.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/go-kit/kit/endpoint"
	kitprometheus "github.com/go-kit/kit/metrics/prometheus"
	httptransport "github.com/go-kit/kit/transport/http"
	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

var (
	requests = kitprometheus.NewCounterFrom(prometheus.CounterOpts{
		Namespace: "qna", Name: "requests_total", Help: "Requests that ended.",
	}, []string{"method", "route", "status"})
	duration = kitprometheus.NewHistogramFrom(prometheus.HistogramOpts{
		Namespace: "qna", Name: "http_request_duration_seconds", Help: "Duration of requests.", Buckets: prometheus.DefBuckets,
	}, []string{"method", "route", "status"})
	model = kitprometheus.NewHistogramFrom(prometheus.HistogramOpts{
		Namespace: "qna", Name: "llm_request_duration_seconds", Help: "Duration of calls of the language model.",
		Buckets: []float64{0.1, 0.5, 1, 5, 10, 20, 40, 80},
	}, []string{"model"})
	tools = kitprometheus.NewCounterFrom(prometheus.CounterOpts{
		Namespace: "qna", Name: "tool_calls_total", Help: "Calls of tools.",
	}, []string{"tool"})
	tokens = kitprometheus.NewCounterFrom(prometheus.CounterOpts{
		Namespace: "qna", Name: "llm_tokens_total", Help: "Tokens that were used.",
	}, []string{"model"})
	logger = log.NewJSONLogger(log.NewSyncWriter(os.Stdout))
)

type question struct{ Question string }

var (
	errBad   = errors.New("bad request")
	errLarge = errors.New("content too large")
)

const largestQuestion = 64 << 10

func ask(ctx context.Context, request any) (any, error) {
	started := time.Now()
	time.Sleep(15 * time.Millisecond)
	model.With("model", "stub").Observe(time.Since(started).Seconds())
	tools.With("tool", "search").Add(1)
	tokens.With("model", "stub").Add(17)
	return map[string]string{"answer": "Within 30 days."}, nil
}

func decode(_ context.Context, r *http.Request) (any, error) {
	var asked question
	if r.ContentLength > largestQuestion {
		return nil, errLarge
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.Question == "" {
		return nil, errBad
	}
	return asked, nil
}

func main() {
	model.With("model", "stub").Observe(0)
	tools.With("tool", "search").Add(0)
	tokens.With("model", "stub").Add(0)
	var asks endpoint.Endpoint = ask
	server := httptransport.NewServer(asks, decode, encode, httptransport.ServerErrorEncoder(
		func(_ context.Context, err error, w http.ResponseWriter) {
			status := http.StatusInternalServerError
			if errors.Is(err, errBad) {
				status = http.StatusBadRequest
			}
			if errors.Is(err, errLarge) {
				status = http.StatusRequestEntityTooLarge
			}
			send(w, status, map[string]string{"title": http.StatusText(status)})
		}))
	mux := http.NewServeMux()
	mux.Handle("POST /v1/ask", counted("/v1/ask", server))
	mux.Handle("GET /health/live", counted("/health/live", says(map[string]any{"status": "ok"})))
	mux.Handle("GET /health/ready", counted("/health/ready", says(map[string]any{"status": "ok", "database": map[string]string{"status": "ok"}})))
	mux.Handle("GET /metrics", promhttp.Handler())
	mux.Handle("/", counted("unmatched", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/health/live" || r.URL.Path == "/health/ready" {
			send(w, http.StatusMethodNotAllowed, map[string]string{"title": "Method Not Allowed"})
			return
		}
		send(w, http.StatusNotFound, map[string]string{"title": "Not Found"})
	})))
	if err := (&http.Server{Addr: "127.0.0.1:" + os.Getenv("PORT"), Handler: mux, ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: 16 << 10}).ListenAndServe(); err != nil {
		os.Exit(1)
	}
}

type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func counted(route string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		kept := &recorder{w, http.StatusOK}
		next.ServeHTTP(kept, r)
		method := "other"
		if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodPost {
			method = r.Method
		}
		labels := []string{"method", method, "route", route, "status", strconv.Itoa(kept.status)}
		requests.With(labels...).Add(1)
		duration.With(labels...).Observe(time.Since(started).Seconds())
		if route == "/v1/ask" {
			_ = log.With(logger, "ts", log.DefaultTimestampUTC, "level", "info").Log("msg", "request", "method", r.Method, "path", route, "status", kept.status, "request_id", strconv.FormatInt(started.UnixNano(), 36))
		}
	})
}

func says(body any) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { send(w, http.StatusOK, body) })
}

func encode(_ context.Context, w http.ResponseWriter, response any) error {
	send(w, http.StatusOK, response)
	return nil
}

func send(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
