package batches

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
	"smartlinks/internal/requests"
	"smartlinks/internal/web/api/frame"
	"smartlinks/internal/web/api/links"
)

// requesting are the operations that ask many people at once.
func (a handlers) requesting() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Requests.Get(ctx, b, requests.ID(id))
		return err
	}
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: "/links/batch", ID: "create-batch", Summary: "Ask many people, each for their own amount", Group: frame.GroupSending,
		About: "Each row becomes a personal link that can be paid once, and is sent. The work goes on behind the answer; a row that can't be sent, as to a wrong address or for no amount, fails alone and says why. " +
			"The same rows within a day are one batch: 409 with its id, unless again is true.",
		Scope: account.LinksWrite, Status: http.StatusAccepted, Needs: []string{"name", "channels", "rows"}}, a.createBatch)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/batches/{id}", ID: "get-batch", Summary: "See how far a batch is", Group: frame.GroupSending, Scope: account.LinksRead, Object: there}, a.getBatch)
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: "/batches/{id}/stop", ID: "stop-batch", Summary: "Stop a batch", Group: frame.GroupSending,
		About: "What was sent stays sent.", Scope: account.LinksWrite, Object: there}, a.stopBatch)
}

// requestBody is a batch as programs write it.
type requestBody struct {
	Name      string                             `json:"name,omitempty" doc:"Of each link, 1 to 120 characters." example:"Membership 2026"`
	Channels  []message.Channel                  `json:"channels" required:"false" enum:"email,sms" doc:"email, sms or both; each row by those that reach it."`
	Message   string                             `json:"message,omitempty" doc:"Words of your own, with the variables of POST /links/{id}/send, {reference}, and those that every row has."`
	Reminders frame.Optional[links.ReminderBody] `json:"reminders" required:"false" doc:"How each is reminded until they pay; null for not at all."`
	SendAt    string                             `json:"send_at,omitempty" example:"2026-12-01T09:00" doc:"As in POST /links/{id}/send."`
	Again     bool                               `json:"again,omitempty" doc:"Send, although the same rows were sent within a day."`
	Rows      []requestRow                       `json:"rows" required:"false" doc:"1 to 1000."`
}

type requestRow struct {
	Name      string            `json:"name,omitempty"`
	Email     string            `json:"email,omitempty"`
	Phone     string            `json:"phone,omitempty"`
	Amount    *frame.Amount     `json:"amount,omitempty"`
	Reference string            `json:"reference,omitempty" doc:"Of yours. Of two rows with the same one, the first is sent."`
	Variables map[string]string `json:"variables,omitempty" doc:"For the message: {\"course\": \"Pottery\"} fills {course}."`
}

// requestView is a batch as programs read it.
type requestView struct {
	ID         requests.ID      `json:"id" example:"req_…"`
	Name       string           `json:"name"`
	Status     requests.State   `json:"status" enum:"draft,scheduled,running,stopped,done"`
	Total      int64            `json:"total" doc:"Rows."`
	Sent       int64            `json:"sent"`
	Failed     int64            `json:"failed" doc:"Rows that can't be sent; each says why."`
	SendAt     *time.Time       `json:"send_at"`
	CreatedAt  time.Time        `json:"created_at"`
	FinishedAt *time.Time       `json:"finished_at"`
	Rows       []requestRowView `json:"rows" nullable:"false"`
}

type requestRowView struct {
	Number    int64             `json:"number" doc:"From 1, in the order of the request."`
	Status    requests.RowState `json:"status" enum:"waiting,sent,failed,stopped"`
	Reason    *string           `json:"reason" doc:"Why it was not sent."`
	Reference string            `json:"reference"`
	LinkID    *string           `json:"link_id" doc:"null while there is none."`
}

type oneRequest struct{ Body requestView }

// variableName is what a variable of a message is called.
var variableName = regexp.MustCompile(`^[a-z][a-z_]{0,39}$`)

// read is the row, Failed where its amount can't be read: it is not sent, as one to an address
// that can't be written to.
func (r requestRow) read(b business.Business) requests.Row {
	row := requests.Row{Name: r.Name, Email: r.Email, Phone: r.Phone, Reference: r.Reference, Variables: r.Variables, Amount: money.Amount{Currency: b.Currency}}
	asked := r.Amount
	if asked == nil {
		asked = &frame.Amount{}
	}
	var unread fault.Fields
	if read := asked.Read("amount", b.Currency, &unread); read != nil {
		row.Amount = *read
	} else {
		row.State, row.Reason = requests.Failed, requests.About("amount", unread[0].Message)
	}
	return row
}

func (a handlers) createBatch(ctx context.Context, b business.Business, in *struct{ Body requestBody }) (*oneRequest, error) {
	body := in.Body
	var wrong fault.Fields
	rows := make([]requests.Row, len(body.Rows))
	for i, r := range body.Rows {
		field := "rows[" + strconv.Itoa(i) + "]"
		for name := range r.Variables {
			if !variableName.MatchString(name) && !wrong.Has(field+".variables") {
				wrong.Add(field+".variables", "variables.name", "Name variables with small letters and _, like course_name.")
			}
		}
		rows[i] = r.read(b)
	}
	how := requests.How{Channels: body.Channels, Message: body.Message, Again: body.Again}
	var err error
	if how.At, err = links.ReadSendAt(b, body.SendAt); err != nil {
		wrong = append(wrong, fault.Of(err).Fields...)
	}
	if read := links.ReadReminders(body.Reminders); read != nil {
		if how.Reminders, err = read(nil); err == nil && how.Reminders != nil {
			err = how.Reminders.Check()
		}
		if err != nil {
			wrong = append(wrong, fault.Of(err).Fields...)
		}
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	id, err := a.Requests.Create(ctx, b, body.Name, rows, how)
	if err != nil {
		return nil, err
	}
	return a.showBatch(ctx, b, id)
}

func (a handlers) getBatch(ctx context.Context, b business.Business, in *frame.ByID) (*oneRequest, error) {
	return a.showBatch(ctx, b, requests.ID(in.ID))
}

func (a handlers) stopBatch(ctx context.Context, b business.Business, in *frame.ByID) (*oneRequest, error) {
	if err := a.Requests.Stop(ctx, b, requests.ID(in.ID)); err != nil {
		return nil, err
	}
	return a.showBatch(ctx, b, requests.ID(in.ID))
}

func (a handlers) showBatch(ctx context.Context, b business.Business, id requests.ID) (*oneRequest, error) {
	batch, err := a.Requests.Get(ctx, b, id)
	if err != nil {
		return nil, err
	}
	rows, err := a.Requests.Rows(ctx, b, id, "", 0, requests.MaxRows)
	v := requestView{
		ID: batch.ID, Name: batch.Name, Status: batch.State, Total: batch.Total, Sent: batch.Sent, Failed: batch.Failed,
		SendAt: frame.UTCPointer(batch.How.At), CreatedAt: batch.CreatedAt.UTC(), FinishedAt: frame.UTCPointer(batch.FinishedAt), Rows: []requestRowView{},
	}
	for _, r := range rows {
		v.Rows = append(v.Rows, requestRowView{r.Number, r.State, frame.Pointer(r.Reason), r.Reference, frame.Pointer(string(r.LinkID))})
	}
	return &oneRequest{v}, err
}
