package job

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"smartlinks/internal/db"
)

const (
	// window is how many of the earliest rows a fair claim looks at, and turns of how
	// many groups beside those.
	window = 64
	turns  = 32
)

// howMany ends a claim: $3 rows. SQLite compiles a statement anew when the number behind a
// bare LIMIT is another than the last, which took longer than the claim; of a sum it does
// not look at the number.
const howMany = ` LIMIT $3 + 0`

// claim claims once. Usually all that is due fits and the earliest are taken; once it
// does not, groups take turns. again says that another claim may find more.
func (w *work) claim(ctx context.Context, failed func(error)) (begun int, again bool, err error) {
	if w.queue.isStopped() {
		return 0, false, nil // what is claimed now would only wait for its lease to end
	}
	w.mu.Lock()
	free, busiest, crowded := w.atOnce-w.underWay, 0, w.crowded
	for _, n := range w.groups {
		busiest = max(busiest, n)
	}
	w.mu.Unlock()
	if free <= 0 {
		w.setCrowded(true)
		return 0, false, nil
	}
	most := min(free, w.each-busiest)
	if crowded || most <= 0 {
		return w.claimFairly(ctx, free, failed)
	}
	n, err := w.claimBy(ctx, most, w.plain(), nil, failed)
	w.setCrowded(err == nil && n == most)
	return n, n == most, err
}

// claimFairly lets groups take turns, so that one that floods waits for no more than its
// own, and others not for it.
func (w *work) claimFairly(ctx context.Context, free int, failed func(error)) (begun int, again bool, err error) {
	each := max(1, w.each/2) // of a group in one claim; no group has more than this left then
	w.mu.Lock()
	cursor := w.cursor
	var full []string
	for group, n := range w.groups {
		if n > w.each-each {
			full = append(full, group)
		}
	}
	w.mu.Unlock()
	slices.Sort(full)
	groups, err := w.dueGroups(ctx, cursor)
	if err != nil {
		return 0, false, err
	}
	wrapped := len(groups) < turns
	next := ""
	if !wrapped {
		next = groups[len(groups)-1]
	}
	groups = slices.DeleteFunc(groups, func(group string) bool { return slices.Contains(full, group) })
	if len(groups) == 0 && wrapped && cursor == "" { // all groups were looked at
		w.setCrowded(len(full) > 0)
		return 0, false, nil
	}
	query, args := w.fair(each, groups, full)
	n, err := w.claimBy(ctx, free, query, args, failed)
	w.mu.Lock()
	w.cursor = next
	w.mu.Unlock()
	if err != nil {
		return n, false, err
	}
	// With nothing claimed and nobody left out, nothing is due: the earliest were among
	// those looked at. A turn that began in the middle may have missed the first groups.
	w.setCrowded(n > 0 || len(full) > 0)
	return n, n > 0 || len(full) > 0 && (!wrapped || cursor != ""), nil
}

// setCrowded keeps whether more was due than could be taken, and asks others for help
// when it becomes so.
func (w *work) setCrowded(crowded bool) {
	w.mu.Lock()
	help := crowded && w.underWay >= w.atOnce && w.mayAskForHelp()
	w.crowded = crowded
	w.mu.Unlock()
	if help {
		w.queue.d.NotifyOthers(topic, w.name)
	}
}

// claimBy runs a statement that claims, and begins what it returns.
func (w *work) claimBy(ctx context.Context, most int, query string, args []any, failed func(error)) (int, error) {
	now := w.now()
	lease := db.At(now.Add(Lease))
	tasks, n, err := w.claimed(ctx, lease, query, append([]any{lease, db.At(now), most}, args...))
	if err != nil {
		return 0, err
	}
	for _, t := range tasks {
		if !w.take(t) {
			continue // the process is about to stop, or Now came first: it is due when its lease ends
		}
		go t.run(w.queue.life, failed)
	}
	return n, nil
}

// dueGroups are groups behind the cursor that have something due, in their order.
func (w *work) dueGroups(ctx context.Context, cursor string) (groups []string, err error) {
	err = w.queue.d.Select(ctx, &groups, w.groupsDue(), db.At(w.now()), cursor)
	return groups, err
}

// groupsDue asks for groups that have something due: $1 now, $2 the group before them.
func (w *work) groupsDue() string {
	r := w.rows
	return fmt.Sprintf(`WITH RECURSIVE due (share, n) AS (
			SELECT (SELECT MIN(%[1]s) FROM %[2]s WHERE %[3]s <= $1 AND %[1]s > $2), 1
			UNION ALL
			SELECT (SELECT MIN(t.%[1]s) FROM %[2]s t WHERE t.%[3]s <= $1 AND t.%[1]s > due.share), due.n + 1 FROM due WHERE due.share IS NOT NULL AND due.n < %[4]d
		) SELECT share FROM due WHERE share IS NOT NULL`, r.Group, r.Table, r.Due, turns)
}

// earliest asks for when the first row falls due.
func (w *work) earliest() string {
	return `SELECT MIN(` + w.rows.Due + `) AS due FROM ` + w.rows.Table + ` WHERE ` + w.rows.Due + ` IS NOT NULL`
}

// plain claims the earliest rows: $1 the lease's end, $2 now, $3 how many. A row that
// another transaction holds is left to that.
func (w *work) plain() string {
	return w.update(``, `SELECT `+w.key()+` FROM `+w.rows.Table+` WHERE `+w.rows.Due+` <= $2 ORDER BY `+w.rows.Due+howMany)
}

// fair claims by turns: of the earliest rows, and of the first rows of the groups, each
// group's first before anybody's second. Full groups are left out.
func (w *work) fair(each int, groups, full []string) (query string, args []any) {
	r, key := w.rows, w.key()
	columns := key + `, ` + r.Due + ` AS due, ` + r.Group + ` AS share`
	due := `SELECT ` + columns + ` FROM ` + r.Table + ` WHERE ` + r.Due + ` <= $2`
	first := ` ORDER BY ` + r.Due + ` LIMIT `
	// Of a number that it has yet to ask for PostgreSQL expects few rows, and reads them from
	// the index; for what it expects to be most of the due ones it reads and sorts all.
	candidates := []string{fmt.Sprintf(`SELECT * FROM (%s%s(SELECT %d)) earliest`, due, first, window)}
	for i, group := range groups {
		args = append(args, group)
		candidates = append(candidates, fmt.Sprintf(`SELECT * FROM (%s AND %s = $%d%s%d) share%d`, due, r.Group, len(args)+3, first, each, i))
	}
	without := ``
	if len(full) > 0 {
		without = ` WHERE share NOT IN (` + db.In(len(full), len(args)+4) + `)`
		for _, group := range full {
			args = append(args, group)
		}
	}
	ranked := fmt.Sprintf(`SELECT %[1]s FROM (SELECT %[1]s, due, ROW_NUMBER() OVER (PARTITION BY share ORDER BY due) AS turn FROM (%[2]s) candidates%[3]s) ranked
		WHERE turn <= %[4]d ORDER BY turn, due`+howMany, key, strings.Join(candidates, ` UNION `), without, each)
	// What is due is asked for again, of the row as it is once it is locked, and so that no
	// index serves it: it is found by its key.
	return w.update(`ranked AS MATERIALIZED (`+ranked+`), `, `SELECT `+key+` FROM `+r.Table+` WHERE (`+key+`) IN (SELECT `+key+` FROM ranked) AND `+r.Due+` + 0 <= $2`), args
}

// update claims the rows that a statement selects, after what it builds on. Both are
// asked once: PostgreSQL, which knows little of a table that fills and empties, would ask a
// SELECT within the condition anew for every row that is due.
func (w *work) update(before, selected string) string {
	r, set := w.rows, ``
	if r.Set != "" {
		set = `, ` + r.Set
	}
	return `WITH ` + before + `claimed AS MATERIALIZED (` + selected + w.queue.d.SkipLocked() + `) UPDATE ` + r.Table + ` SET ` + r.Due + ` = $1` + set +
		` WHERE (` + w.key() + `) IN (SELECT ` + w.key() + ` FROM claimed) RETURNING ` + r.Returning
}

func (w *work) key() string { return strings.Join(w.rows.Key, `, `) }
