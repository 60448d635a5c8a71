package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"time"
)

// asset is a stylesheet or a script of a page.
var asset = regexp.MustCompile(`(?:<link[^>]+rel="stylesheet"[^>]+href|<script[^>]+src|<img[^>]+src)="([^"]+)"`)

// weigh loads a page with everything it shows, compressed as browsers ask for
// it, and returns the bytes of the bodies.
func weigh(ctx context.Context, page string) (bytes, requests int, err error) {
	client := newClient(1)
	defer client.CloseIdleConnections()
	plain, err := get(ctx, client, page)
	if err != nil {
		return 0, 0, err
	}
	all := []string{page}
	for _, found := range asset.FindAllSubmatch(plain, -1) {
		all = append(all, string(found[1]))
	}
	for _, address := range all {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
		if err != nil {
			return 0, 0, err
		}
		if r.URL, err = r.URL.Parse(address); err != nil {
			return 0, 0, err
		}
		r.Header.Set("Accept-Encoding", "gzip")
		r.Header.Set("User-Agent", agent)
		res, err := client.Do(r)
		if err != nil {
			return 0, 0, err
		}
		n, err := io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK {
			return 0, 0, fmt.Errorf("%s answered %s: %w", address, res.Status, err)
		}
		bytes += int(n)
	}
	return bytes, len(all), nil
}

// drawCodes asks for QR codes, none of which is kept from before, and returns
// the time of one in the middle.
func drawCodes(ctx context.Context, page string) (time.Duration, error) {
	client := newClient(1)
	defer client.CloseIdleConnections()
	var took []time.Duration
	for range 200 {
		begin := time.Now()
		if _, err := get(ctx, client, page+"/qr.png?size=200"); err != nil {
			return 0, err
		}
		took = append(took, time.Since(begin))
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}

// get opens a page.
func get(ctx context.Context, client *http.Client, address string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", agent)
	res, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answered %s", address, res.Status)
	}
	return body, err
}
