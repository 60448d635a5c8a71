package logs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"smartlinks/internal/payment/attempt"
)

func TestNoLogLineHoldsAnIDThatOpensSomething(t *testing.T) {
	const id, token = "pay_01khr21fj0w0mrsde93p0jh3jx", "sl_3qk0vZ7mJx2YbN4tR8wLcD1e"
	var out bytes.Buffer
	log := Text(&out, slog.LevelDebug)
	log.Info("request", "path", "/api/v1/payments/"+id, "area", "api")
	log.WarnContext(context.Background(), "an attempt waits", "attempt", attempt.ID(id), "error", fmt.Errorf("ask for %s: %w", id, errors.New("away")))
	log.With("payment", id).Error("about "+id, slog.Group("in", "object", id), "token", token, "took", 3)
	log.LogAttrs(context.Background(), slog.LevelInfo, "request", slog.String("path", "/dashboard/acme/transactions/"+id+"/refund"), slog.String("sandbox", "sbx_01khr21fj0w0mrsde93p0jh3jx"))
	text := out.String()
	if strings.Contains(text, id[4:]) || strings.Contains(text, token[3:]) {
		t.Errorf("an id is told whole:\n%s", text)
	}
	if n := strings.Count(text, shortened(id)); n != 7 || !strings.Contains(text, "lnk") && !strings.Contains(text, "/dashboard/acme/transactions/pay#") {
		t.Errorf("%d times %s:\n%s", n, shortened(id), text)
	}
}
