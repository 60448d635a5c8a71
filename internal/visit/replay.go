package visit

import "context"

// replay stores what the spool holds, now that the database is back. What was
// stored after all, because only the answer was lost, is left out: an id counts
// once. Files stay until everything in them is stored.
func (r *Recorder) replay() {
	if r.spool == nil {
		return
	}
	if file := r.spool.take(); file != nil {
		r.waiting = append(r.waiting, file)
	}
	for len(r.waiting) > 0 {
		file := r.waiting[0]
		if err := each(file, r.replayPart); err != nil {
			r.log.Error("replay views", "file", file.Name(), "error", err)
			return
		}
		if err := r.spool.remove(file); err != nil {
			r.log.Error("remove replayed views", "file", file.Name(), "error", err)
			return
		}
		r.waiting = r.waiting[1:]
	}
}

func (r *Recorder) replayPart(views []View) error {
	ctx := context.Background()
	rest, err := unstored(ctx, r.d, views)
	if err != nil || len(rest) == 0 {
		return err
	}
	return r.write(ctx, rest)
}

// inherit takes over what dead processes left in the spool.
func (r *Recorder) inherit() {
	if r.spool == nil {
		return
	}
	files, err := r.spool.left()
	if err != nil {
		r.log.Error("look for views of earlier processes", "error", err)
	}
	r.waiting = append(r.waiting, files...)
}
