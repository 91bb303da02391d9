// A service with net/http and promhttp, as the guide of Prometheus for Go has it.
package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

var (
	duration = promauto.NewHistogramVec(prometheus.HistogramOpts{
		Name: "http_request_duration_seconds", Help: "Duration of requests.", Buckets: prometheus.DefBuckets,
	}, []string{"handler", "method", "code"})
	requests = promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "http_requests_total", Help: "Requests that ended.",
	}, []string{"handler", "method", "code"})
	model = promauto.NewHistogram(prometheus.HistogramOpts{
		Name: "gen_ai_client_operation_duration_seconds", Help: "Duration of calls of the language model.",
		Buckets: prometheus.ExponentialBuckets(0.01, 2, 14),
	})
	tools = promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "gen_ai_tool_calls_total", Help: "Calls of tools.",
	}, []string{"gen_ai_tool_name"})
	tokens = promauto.NewCounter(prometheus.CounterOpts{Name: "gen_ai_tokens_total", Help: "Tokens that were used."})
	logger = slog.New(slog.NewJSONHandler(os.Stdout, nil))
)

const largestQuestion = 64 << 10

func main() {
	tools.WithLabelValues("search")
	handle("/health/live", "/health/live", get(func() any { return map[string]any{"status": "pass"} }))
	handle("/health/ready", "/health/ready", get(func() any {
		return map[string]any{"status": "pass", "checks": map[string]any{"database": []any{map[string]string{"status": "pass"}}}}
	}))
	handle("/v1/ask", "/v1/ask", http.HandlerFunc(ask))
	handle("/", "unmatched", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		send(w, http.StatusNotFound, map[string]string{"title": "Not Found"})
	}))
	http.Handle("/metrics", promhttp.Handler())
	server := &http.Server{Addr: "127.0.0.1:" + os.Getenv("PORT"), ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: 16 << 10}
	if err := server.ListenAndServe(); err != nil {
		logger.Error("ended", "error", err.Error())
		os.Exit(1)
	}
}

func handle(pattern, name string, next http.Handler) {
	labels := prometheus.Labels{"handler": name}
	http.Handle(pattern, promhttp.InstrumentHandlerDuration(duration.MustCurryWith(labels),
		promhttp.InstrumentHandlerCounter(requests.MustCurryWith(labels), next)))
}

func get(body func() any) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			send(w, http.StatusMethodNotAllowed, map[string]string{"title": "Method Not Allowed"})
			return
		}
		send(w, http.StatusOK, body())
	})
}

func ask(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Question string }
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		send(w, http.StatusMethodNotAllowed, map[string]string{"title": "Method Not Allowed"})
		return
	}
	if r.ContentLength > largestQuestion {
		send(w, http.StatusRequestEntityTooLarge, map[string]string{"title": "Content Too Large"})
		return
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, largestQuestion)).Decode(&asked); err != nil || asked.Question == "" {
		send(w, http.StatusBadRequest, map[string]string{"title": "Bad Request"})
		return
	}
	started := time.Now()
	time.Sleep(15 * time.Millisecond)
	model.Observe(time.Since(started).Seconds())
	tools.WithLabelValues("search").Inc()
	tokens.Add(17)
	logger.Info("request", "method", r.Method, "path", "/v1/ask", "status", 200, "request_id", strconv.FormatInt(started.UnixNano(), 36))
	send(w, http.StatusOK, map[string]string{"answer": "Within 30 days."})
}

func send(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
