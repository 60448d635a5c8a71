// Command bench measures the program beside a bare handler in the same run, so
// that the figures are ratios on any machine. Everything stays on loopback.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"time"
)

// duration is how long each measurement takes.
const duration = 5 * time.Second

// connections is how many clients ask at once; payers how many pay at once.
const (
	connections = 64
	payers      = 16
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := measure(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// progress says on stderr what is measured now, so that the table on stdout
// stays a table.
func progress(what string) { fmt.Fprintln(os.Stderr, "measuring: "+what) }

func measure(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "smartlinks-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	progress("bare handlers")
	plain, recording, err := measureBare(ctx, dir)
	if err != nil {
		return err
	}
	progress("build and start the program")
	p, err := startProduct(ctx, dir)
	if err != nil {
		return err
	}
	defer p.stop()
	rest, err := p.memory()
	if err != nil {
		return err
	}
	progress("open a link")
	open, err := load(ctx, p.url+"/"+handle+"/"+linkPath, connections, duration)
	if err != nil {
		return err
	}
	progress("pay")
	paid, err := p.pay(ctx, payers, duration)
	if err != nil {
		return err
	}
	peak, err := p.memory()
	if err != nil {
		return err
	}

	fmt.Printf("%-44s %12s %10s %10s\n", "", "per second", "p50", "p99")
	plain.print("bare handler, 6 KB")
	recording.print("bare handler, one row committed each")
	open.print("open an amount link, view durable")
	fmt.Printf("%-44s %11.2f×\n", "  against the bare recording handler (≥ 0.6)", open.perSecond/recording.perSecond)
	paid.print("full sandbox payment (≥ 300)")
	fmt.Printf("%-44s %10d ms\n", "start to ready, empty database (< 500)", p.ready.Milliseconds())
	fmt.Printf("%-44s %10.0f MB\n", "memory at rest (< 60)", rest.now)
	fmt.Printf("%-44s %10.0f MB\n", "memory under load, peak (< 250)", peak.peak)
	return nil
}
