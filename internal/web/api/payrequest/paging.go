package payrequest

import (
	"strconv"
	"strings"

	"smartlinks/internal/fault"
)

// NumberedPaging is how PayRequest's lists are asked for: by the number of the page,
// or on from the cursor of the one before. It is exported because huma reads embedded
// structs only then.
type NumberedPaging struct {
	Page    int    `query:"page" minimum:"1" maximum:"1000000" doc:"From 1, which is also what is meant when it is left out."`
	PerPage int    `query:"per_page" minimum:"1" maximum:"100" doc:"25 when left out."`
	Limit   int    `query:"limit" minimum:"1" maximum:"100" doc:"As per_page."`
	Cursor  string `query:"cursor" doc:"The next_cursor of the page before, in the place of page."`
}

// numbered is a page that is asked for: behind the cursor, or behind so many rows.
type numbered struct {
	number, size, offset int
	cursor               string // of the list itself
}

// read is the page that is asked for. What says two things at once is refused.
func (in NumberedPaging) read() (p numbered, err error) {
	var wrong fault.Fields
	if in.PerPage != 0 && in.Limit != 0 && in.PerPage != in.Limit {
		wrong.Add("limit", "", "Send per_page or limit, not both.")
	}
	if in.Page != 0 && in.Cursor != "" {
		wrong.Add("page", "", "Send page or cursor, not both.")
	}
	p = numbered{number: max(in.Page, 1), size: max(in.PerPage, in.Limit)}
	if p.size == 0 {
		p.size = 25
	}
	p.offset = (p.number - 1) * p.size
	if in.Cursor != "" {
		number, cursor, ok := strings.Cut(in.Cursor, ".")
		n, err := strconv.Atoi(number)
		if err != nil || !ok || n < 2 || cursor == "" {
			wrong.Add("cursor", "", "This cursor is not one of ours. Start again without it.")
		}
		p = numbered{number: n, size: p.size, cursor: cursor}
	}
	return p, wrong.Err()
}

// pagedEnvelope is how PayRequest answers with a page of a list, and beside it the
// cursor with which all lists here go on.
type pagedEnvelope[T any] struct {
	Success bool    `json:"success" doc:"Always true: what fails is a problem."`
	Data    []T     `json:"data" nullable:"false"`
	Current int     `json:"current_page"`
	PerPage int     `json:"per_page"`
	Total   int64   `json:"total" doc:"On all pages."`
	Last    int64   `json:"last_page" doc:"1 of an empty list."`
	Next    *string `json:"next_cursor" doc:"Send it as cursor for the next page; null at the end."`
}

type pagedList[T any] struct{ Body pagedEnvelope[T] }

// pagedOf is the page of rows; next is the list's own cursor, "" at the end.
func pagedOf[T, R any](p numbered, rows []R, total int64, next string, show func(R) T) *pagedList[T] {
	out := &pagedList[T]{pagedEnvelope[T]{
		Success: true, Data: make([]T, 0, len(rows)), Current: p.number, PerPage: p.size, Total: total, Last: max(1, (total+int64(p.size)-1)/int64(p.size)),
	}}
	if next != "" {
		next = strconv.Itoa(p.number+1) + "." + next
		out.Body.Next = &next
	}
	for _, r := range rows {
		out.Body.Data = append(out.Body.Data, show(r))
	}
	return out
}
