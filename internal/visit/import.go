package visit

import "context"

// Import stores views that were recorded elsewhere, at their own times, with
// what they count.
func (r *Recorder) Import(ctx context.Context, views []View) error {
	for i := range views {
		views[i].Day = views[i].day()
		views[i].ID = IDAt(views[i].At) + int64(i)<<nodeBits + r.number.node
	}
	for start := 0; start < len(views); start += maxStored {
		if err := r.write(ctx, views[start:min(start+maxStored, len(views))]); err != nil {
			return err
		}
	}
	return nil
}
