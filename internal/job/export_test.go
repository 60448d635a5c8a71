package job

import "time"

// RenewAfter makes work renew its lease so soon.
func (q *Queue) RenewAfter(d time.Duration) { q.renewAfter = d }
