package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// agent is a person's browser: what it opens is a view.
const agent = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"

// figures are the answers of one measurement.
type figures struct {
	answers   int
	perSecond float64
	p50, p99  time.Duration
	processor time.Duration // for each answer, of the processes that serve; 0: not measured
}

// load opens an address from many connections, each asking again as soon as it
// was answered.
func load(ctx context.Context, address string, workers int, during time.Duration) (figures, error) {
	client := newClient(workers)
	defer client.CloseIdleConnections()
	return repeat(ctx, workers, during, func(ctx context.Context) (time.Time, error) {
		return time.Now(), open(ctx, client, address)
	})
}

// steady opens an address so many times a second. How long an answer took counts
// from when it was due, so that a stalled program can't hide who waits behind.
func steady(ctx context.Context, address string, workers int, perSecond float64, during time.Duration) (figures, error) {
	client := newClient(workers)
	defer client.CloseIdleConnections()
	begin, due := time.Now(), atomic.Int64{}
	return repeat(ctx, workers, during, func(ctx context.Context) (time.Time, error) {
		at := begin.Add(time.Duration(float64(due.Add(1)) / perSecond * float64(time.Second)))
		time.Sleep(time.Until(at))
		return at, open(ctx, client, address)
	})
}

// open opens an address as a person's browser does.
func open(ctx context.Context, client *http.Client, address string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	r.Header.Set("User-Agent", agent)
	res, err := client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", address, res.Status)
	}
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

// repeat does the work on all workers until the time is over; work returns when
// it began. One failure ends the measurement: a fast error is no figure.
func repeat(ctx context.Context, workers int, during time.Duration, work func(context.Context) (time.Time, error)) (figures, error) {
	begin := time.Now()
	took := make([][]time.Duration, workers)
	failures := make([]error, workers)
	var all sync.WaitGroup
	for i := range workers {
		all.Go(func() {
			for ctx.Err() == nil && time.Since(begin) < during {
				start, err := work(ctx)
				if err != nil {
					failures[i] = err
					return
				}
				took[i] = append(took[i], time.Since(start))
			}
		})
	}
	all.Wait()
	elapsed := time.Since(begin)
	for _, err := range failures {
		if err != nil {
			return figures{}, err
		}
	}
	each := slices.Concat(took...)
	if len(each) == 0 {
		return figures{}, fmt.Errorf("nothing was measured: %w", context.Cause(ctx))
	}
	slices.Sort(each)
	return figures{answers: len(each), perSecond: float64(len(each)) / elapsed.Seconds(), p50: each[len(each)/2], p99: each[len(each)*99/100]}, nil
}

// newClient keeps a connection for each worker and follows no redirect.
func newClient(workers int) *http.Client {
	return &http.Client{
		Timeout:       30 * time.Second,
		Transport:     &http.Transport{MaxIdleConnsPerHost: workers, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
