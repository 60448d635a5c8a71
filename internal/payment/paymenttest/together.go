package paymenttest

import (
	"sync"
)

// Together runs do n times at once, starting at one signal.
func Together(n int, do func(i int)) {
	var all sync.WaitGroup
	ready := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-ready
			do(i)
		})
	}
	close(ready)
	all.Wait()
}
