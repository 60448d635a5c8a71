package frame

// ColumnsView is what the columns of a CSV file hold.
type ColumnsView struct {
	Day       string   `json:"day" doc:"The name of the column with the booking day."`
	Amount    string   `json:"amount"`
	Out       string   `json:"out,omitempty" doc:"Amounts that went out, where they have a column of their own."`
	Sign      string   `json:"sign,omitempty" doc:"Words like D and C, Af and Bij."`
	Text      []string `json:"text" nullable:"false" doc:"What the payer wrote, in one column or several."`
	Payer     string   `json:"payer,omitempty"`
	IBAN      string   `json:"iban,omitempty" doc:"The payer’s."`
	Account   string   `json:"account,omitempty" doc:"The business’s own IBAN."`
	Currency  string   `json:"currency,omitempty"`
	ID        string   `json:"id,omitempty" doc:"The bank’s number of an entry."`
	DayFormat string   `json:"day_format" enum:"YYYY-MM-DD,DD.MM.YYYY,DD/MM/YYYY,DD-MM-YYYY,YYYYMMDD,DD.MM.YY,DD/MM/YY,DD-MM-YY,YYYY/MM/DD,MM/DD/YYYY" doc:"How days are written."`
	Decimal   string   `json:"decimal" doc:"The decimal sign: a comma or a point."`
	Header    []string `json:"-"`
}

// newColumns tells of a CSV file whose columns are new.
type newColumns struct {
	Header []string    `json:"header" nullable:"false" doc:"The names of its columns."`
	Guess  ColumnsView `json:"guess" doc:"What they seem to be: to send as columns, once somebody looked at it."`
}
