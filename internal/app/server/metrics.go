package server

import (
	"context"
	"crypto/subtle"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"smartlinks/internal/app/store"
	"smartlinks/internal/clock"
	"smartlinks/internal/db"
	"smartlinks/internal/payment/outgoing"
	"smartlinks/internal/version"
	"smartlinks/internal/visit"
	"smartlinks/internal/visit/source"
)

// metrics are what Prometheus reads: the four golden signals by area, and what
// waits. No label grows with merchants, links or payers.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	running  *prometheus.GaugeVec
	asked    *prometheus.HistogramVec
	clock    *clock.Clock
	memory   *memory
}

func newMetrics(c *clock.Clock) *metrics {
	m := &metrics{
		clock:    c,
		memory:   newMemory(),
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "smartlinks_requests_total", Help: "Answered requests."}, []string{"area", "method", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "smartlinks_request_seconds", Help: "How long answers took.", Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 30},
		}, []string{"area"}),
		running: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "smartlinks_requests_running", Help: "Requests that are being answered."}, []string{"area"}),
	}
	m.asked = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "smartlinks_provider_seconds", Help: "How long payment providers took to answer.", Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 20},
	}, []string{"provider", "status"})
	m.registry.MustRegister(
		m.requests, m.seconds, m.running, m.asked,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	m.beginAtZero()
	return m
}

// beginAtZero makes the series that alerts watch, so that the first error is an increase.
func (m *metrics) beginAtZero() {
	for _, area := range []string{"public", "hooks", "dashboard", "api"} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			for _, status := range []string{"200", "500", "503"} {
				m.requests.WithLabelValues(area, method, status)
			}
		}
		m.seconds.WithLabelValues(area)
		m.running.WithLabelValues(area)
	}
	for _, provider := range []string{"stripe", "mollie"} {
		for _, class := range []string{"2xx", "4xx", "5xx", "none"} {
			m.asked.WithLabelValues(provider, class)
		}
	}
}

// watch adds what tells of the installation itself: its version, the room on its disks,
// its newest backup and the end of its certificate. The latter two are there where the
// server has them; 0 is none yet.
func (m *metrics) watch(s settings, held *certificates) {
	gauge := func(name, help string, labels prometheus.Labels, read func() float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, read))
	}
	gauge("smartlinks_build_info", "Always 1; which version runs.", prometheus.Labels{"version": version.Name()}, func() float64 { return 1 })
	free := func(of, folder string) {
		if _, err := store.FreeSpace(folder); err != nil {
			return // over a PostgreSQL there need be no folder
		}
		gauge("smartlinks_disk_free_bytes", "Room on the disk of a folder.", prometheus.Labels{"folder": of}, func() float64 {
			bytes, err := store.FreeSpace(folder)
			if err != nil {
				return math.NaN()
			}
			return float64(bytes)
		})
	}
	free("data", s.data)
	if s.backups.BackupTo != "" {
		free("backups", s.backups.BackupTo)
		gauge("smartlinks_last_backup_timestamp_seconds", "When the newest backup was made.", nil, func() float64 { return seconds(s.backups.Newest(m.clock.Wall())) })
	}
	if held != nil {
		gauge("smartlinks_certificate_end_timestamp_seconds", "When the certificate in use ends.", nil, func() float64 { return seconds(held.ends()) })
	}
}

// seconds is an instant as Prometheus has it; 0 for none.
func seconds(at time.Time) float64 {
	if at.IsZero() {
		return 0
	}
	return float64(at.Unix())
}

// read adds what the recorder and the database tell when somebody asks.
func (m *metrics) read(d *db.DB, recorder *visit.Recorder, log *slog.Logger) {
	views := func(name, help string, read func() int64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return float64(read()) })
	}
	m.registry.MustRegister(
		views("smartlinks_views_stored_total", "Views that transactions of this process stored.", recorder.Stored),
		views("smartlinks_view_batches_total", "Transactions that stored them; views by batches is the size of a batch.", recorder.Batches),
		views("smartlinks_views_spooled_total", "Views that went to the disk, because the database was slow or away.", recorder.Late),
		views("smartlinks_views_lost_total", "Views that were not stored when their page was answered.", recorder.Lost),
		waiting{d, log},
	)
}

// begin notes a request of the area, and returns what notes its end.
func (m *metrics) begin(area string) func(method string, status int, took time.Duration) {
	m.memory.request()
	running := m.running.WithLabelValues(area)
	running.Inc()
	return func(method string, status int, took time.Duration) {
		running.Dec()
		m.requests.WithLabelValues(area, knownMethod(method), strconv.Itoa(status)).Inc()
		m.seconds.WithLabelValues(area).Observe(took.Seconds())
	}
}

// provider watches what a provider is asked. Its answers are told apart by class,
// such as 2xx, and none is "none".
func (m *metrics) provider(name string) outgoing.Watch {
	return func() func(status int) {
		began := m.clock.Wall()
		return func(status int) {
			class := "none"
			if status != 0 {
				class = strconv.Itoa(status/100) + "xx"
			}
			m.asked.WithLabelValues(name, class).Observe(m.clock.Wall().Sub(began).Seconds())
		}
	}
}

// knownMethod keeps strangers from making labels.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodPut:
		return method
	}
	return "other"
}

// queues are what waits in the database, by a statement that counts it through an
// index.
var queues = map[string]string{
	"mails":    `SELECT COUNT(*) FROM mails WHERE due_at IS NOT NULL`,
	"sms":      `SELECT COUNT(*) FROM texts WHERE due_at IS NOT NULL`,
	"webhooks": `SELECT COUNT(*) FROM webhook_deliveries WHERE due_at IS NOT NULL`,
	"attempts": `SELECT COUNT(*) FROM attempts WHERE sync_at IS NOT NULL`,
	"jobs":     `SELECT COUNT(*) FROM jobs WHERE due_at IS NOT NULL`,
}

// waiting counts the queues when somebody asks.
type waiting struct {
	d   *db.DB
	log *slog.Logger
}

var waitingDesc = prometheus.NewDesc("smartlinks_waiting", "What waits to be done.", []string{"queue"}, nil)

// Describe implements prometheus.Collector.
func (w waiting) Describe(all chan<- *prometheus.Desc) { all <- waitingDesc }

// Collect implements prometheus.Collector.
func (w waiting) Collect(all chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readyTimeout)
	defer cancel()
	for queue, statement := range queues {
		var n int64
		if err := w.d.Get(ctx, &n, statement); err != nil {
			w.log.Warn("count what waits", "queue", queue, "error", err)
			continue
		}
		all <- prometheus.MustNewConstMetric(waitingDesc, prometheus.GaugeValue, float64(n), queue)
	}
}

// handler answers whoever has the token. Without one in the configuration it
// answers the machine itself, unless a proxy asks for somebody else. A private
// network may hold anybody: other customers of a host, guests of an office. To
// everybody else there is no such page.
func (m *metrics) handler(token string) http.Handler {
	answer := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !mayScrape(r, token) {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		answer.ServeHTTP(w, r)
	})
}

func mayScrape(r *http.Request, token string) bool {
	if token != "" {
		given, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		return found && subtle.ConstantTimeCompare([]byte(given), []byte(token)) == 1
	}
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Via"} {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	// A proxy on this machine that adds no header may still pass the Host on.
	return source.ClientIP(r.RemoteAddr, nil, nil).IsLoopback() && loopbackHost(hostname(r.Host))
}
