package batch_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"smartlinks/internal/batch"
)

func TestWhatWaitsIsDoneTogetherAndInOrder(t *testing.T) {
	begun, goOn := make(chan struct{}), make(chan struct{})
	var batches [][]int
	q := batch.New(3, func(_ string, items []int) {
		batches = append(batches, items)
		if items[0] == 0 {
			close(begun)
			<-goOn
		}
	})
	var all sync.WaitGroup
	all.Go(func() { _ = q.Do(t.Context(), "a", 0) })
	<-begun
	for i := 1; i < 6; i++ {
		gone, stop := context.WithCancel(t.Context())
		stop() // it waits all the same, and need not be waited for
		if err := q.Do(gone, "a", i); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	}
	all.Go(func() { _ = q.Do(t.Context(), "a", 6) })
	close(goOn)
	all.Wait()
	if err := q.Do(t.Context(), "a", 7); err != nil {
		t.Fatal(err)
	}
	done := slices.Concat(batches...)
	if !slices.Equal(done, []int{0, 1, 2, 3, 4, 5, 6, 7}) || !slices.Equal(batches[1], []int{1, 2, 3}) {
		t.Errorf("%v", batches)
	}
}

func TestKeysDoNotWaitForEachOther(t *testing.T) {
	other := make(chan struct{})
	q := batch.New(3, func(key string, _ []int) {
		if key == "slow" {
			<-other
		} else {
			close(other)
		}
	})
	var all sync.WaitGroup
	all.Go(func() { _ = q.Do(t.Context(), "slow", 1) })
	all.Go(func() { _ = q.Do(t.Context(), "quick", 1) })
	all.Wait()
}

func TestAPanicGoesToWhoWaits(t *testing.T) {
	q := batch.New(3, func(string, []int) { panic("broken") })
	for range 2 { // the queue goes on
		func() {
			defer func() {
				if recover() != "broken" {
					t.Error("nobody heard of it")
				}
			}()
			_ = q.Do(t.Context(), "a", 1)
		}()
	}
}
