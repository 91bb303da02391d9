import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;

/** The server of the JDK with the metrics of Micrometer, under the names that Spring Boot and Spring AI give them. */
public final class App {
  private static final PrometheusMeterRegistry REGISTRY = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private static final List<String> METHODS = List.of("GET", "HEAD", "POST");
  private static final Timer MODEL = buckets(Timer.builder("gen_ai.client.operation")
      .description("Duration of calls of the language model."), 100).register(REGISTRY);
  private static final Counter TOOLS = Counter.builder("tool.calls").description("Calls of tools.").register(REGISTRY);
  private static final Counter TOKENS =
      Counter.builder("gen_ai.tokens").description("Tokens that were used.").register(REGISTRY);
  private static final int LARGEST_QUESTION = 64 * 1024;

  public static void main(String[] arguments) throws IOException {
    new JvmMemoryMetrics().bindTo(REGISTRY);
    new UptimeMetrics().bindTo(REGISTRY);
    int port = Integer.parseInt(System.getenv("PORT"));
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.createContext("/", App::handle);
    server.start();
  }

  private static void handle(HttpExchange exchange) throws IOException {
    long started = System.nanoTime();
    String path = exchange.getRequestURI().getPath();
    String method = exchange.getRequestMethod();
    byte[] body = exchange.getRequestBody().readNBytes(LARGEST_QUESTION + 1);
    if (path.equals("/metrics")) {
      send(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", REGISTRY.scrape());
      return;
    }
    boolean reads = method.equals("GET") || method.equals("HEAD");
    String uri = path;
    int status;
    String answer;
    switch (path) {
      case "/health/live" -> {
        status = reads ? 200 : 405;
        answer = reads ? "{\"status\":\"UP\"}" : "{\"title\":\"Method Not Allowed\"}";
      }
      case "/health/ready" -> {
        status = reads ? 200 : 405;
        answer = reads ? "{\"status\":\"UP\",\"components\":{\"db\":{\"status\":\"UP\"}}}" : "{\"title\":\"Method Not Allowed\"}";
      }
      case "/v1/ask" -> {
        boolean isQuestion = new String(body, StandardCharsets.UTF_8).matches("\\s*\\{.*\"question\"\\s*:\\s*\".+\".*\\}\\s*");
        status = !method.equals("POST") ? 405 : body.length > LARGEST_QUESTION ? 413 : isQuestion ? 200 : 400;
        answer = status == 200 ? "{\"answer\":\"Within 30 days.\"}" : "{\"title\":\"Refused\"}";
        if (status == 200) askModel();
      }
      default -> {
        uri = "UNKNOWN";
        status = 404;
        answer = "{\"title\":\"Not Found\"}";
      }
    }
    buckets(Timer.builder("http.server.requests").description("Duration of requests."), 10)
        .tag("method", METHODS.contains(method) ? method : "OTHER")
        .tag("uri", uri)
        .tag("status", String.valueOf(status))
        .tag("outcome", status < 400 ? "SUCCESS" : "CLIENT_ERROR")
        .register(REGISTRY)
        .record(Duration.ofNanos(System.nanoTime() - started));
    if (path.equals("/v1/ask"))
      System.out.printf(
          "{\"@timestamp\":\"%s\",\"log.level\":\"INFO\",\"message\":\"request\",\"http.request.method\":\"%s\",\"url.path\":\"%s\",\"trace.id\":\"%s\"}%n",
          Instant.now(), method, path, UUID.randomUUID());
    send(exchange, status, "application/json", answer);
  }

  private static void askModel() {
    MODEL.record(() -> {
      try {
        Thread.sleep(15);
      } catch (InterruptedException interruption) {
        Thread.currentThread().interrupt();
      }
    });
    TOOLS.increment();
    TOKENS.increment(17);
  }

  private static Timer.Builder buckets(Timer.Builder timer, int seconds) {
    return timer.serviceLevelObjectives(Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(500),
        Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(seconds));
  }

  private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    if (status == 405) exchange.getResponseHeaders().set("Allow", "GET, HEAD");
    boolean isHead = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, isHead ? -1 : bytes.length);
    if (!isHead) exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
