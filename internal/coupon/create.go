package coupon

import (
	"context"
	"fmt"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
)

// Create makes a coupon: c is a percentage or an amount, with its fields. Errors: Invalid
// with the fields that are wrong.
func (s *Coupons) Create(ctx context.Context, businessID business.ID, percent int64, amount money.Amount, f Fields) (made Coupon, err error) {
	var wrong fault.Fields
	c := newCoupon(businessID, percent, amount, f, &wrong)
	err = s.db.InTx(ctx, func(tx *db.Tx) (err error) {
		made, err = create(ctx, tx, c, wrong)
		return err
	})
	return made, err
}

// CreateWithCodes is Create with codes of these texts, which share their fields: all or
// nothing. Without a text it is one code that nobody guesses. What is wrong with the codes
// is named "codes.code", "codes.max_redemptions" and so on.
func (s *Coupons) CreateWithCodes(ctx context.Context, businessID business.ID, percent int64, amount money.Amount, f Fields, typed []string, of CodeFields) (made Coupon, codes []Code, err error) {
	var wrong fault.Fields
	c := newCoupon(businessID, percent, amount, f, &wrong)
	texts, wrongCodes := readCodes(typed, &of)
	wrong = append(wrong, ofCodes(wrongCodes)...)
	if texts, err = s.orDrawn(texts, wrongCodes); err != nil {
		return Coupon{}, nil, err
	}
	err = s.db.InTx(ctx, func(tx *db.Tx) (err error) {
		if made, err = create(ctx, tx, c, wrong); err != nil {
			return err
		}
		if codes, err = createCodes(ctx, tx, businessID, made.ID, texts, of); fault.Is(err, fault.Invalid) {
			err = ofCodes(fault.Of(err).Fields).Err()
		}
		return err
	})
	return made, codes, err
}

// Refusals are what CreateWithCodes refuses before it looks at what a business has.
func Refusals(percent int64, amount money.Amount, f Fields, typed []string, of CodeFields) error {
	var wrong fault.Fields
	newCoupon("", percent, amount, f, &wrong)
	_, wrongCodes := readCodes(typed, &of)
	return append(wrong, ofCodes(wrongCodes)...).Err()
}

// ofCodes names the fields as those of codes, beside a coupon's.
func ofCodes(fields fault.Fields) fault.Fields {
	named := append(fault.Fields{}, fields...)
	for i := range named {
		named[i].Name = "codes." + named[i].Name
	}
	return named
}

func newCoupon(businessID business.ID, percent int64, amount money.Amount, f Fields, wrong *fault.Fields) Coupon {
	c := Coupon{BusinessID: businessID, Percent: percent, Amount: amount, Fields: f}
	c.tidy(wrong)
	c.cleanOff(wrong)
	return c
}

func create(ctx context.Context, tx *db.Tx, c Coupon, known fault.Fields) (Coupon, error) {
	wrong := append(fault.Fields{}, known...)
	if err := checkTargets(ctx, tx, c.BusinessID, c.Fields, &wrong); err != nil {
		return c, err
	}
	if err := wrong.Err(); err != nil {
		return c, err
	}
	if err := checkCount(ctx, tx, `SELECT COUNT(*) FROM coupons WHERE business_id = $1 AND deleted_at IS NULL`, c.BusinessID, 1, maxCoupons); err != nil {
		return c, err
	}
	id, err := tx.NewID("cpn")
	if err != nil {
		return c, err
	}
	c.ID, c.Version, c.CreatedAt, c.UpdatedAt = ID(id), 1, tx.Now(), tx.Now()
	into, arguments := columns.Insert(c.row())
	if _, err := tx.Exec(ctx, `INSERT INTO coupons `+into, arguments...); err != nil {
		return c, err
	}
	if err := keepTargets(ctx, tx, c); err != nil {
		return c, err
	}
	changed(tx, c.BusinessID)
	return c, count(ctx, tx, c.BusinessID, id, c.Max)
}

// tidy cleans the fields.
func (c *Coupon) tidy(wrong *fault.Fields) {
	c.Links, c.Products, c.Tags = unique(c.Links), unique(c.Products), unique(c.Tags)
	c.Fields.clean(wrong)
	c.Everywhere = c.Fields.everywhere()
}

// checkCount refuses more than a business may have.
func checkCount(ctx context.Context, tx *db.Tx, query string, businessID business.ID, more, most int) error {
	var n int
	err := tx.Get(ctx, &n, query, businessID)
	if err == nil && n+more > most {
		err = fault.New(fault.Conflict, fmt.Sprintf("There are %d already, which is the most. Delete some that you no longer need.", n))
	}
	return err
}

// CreateCode makes a code of a coupon; an empty text is a code that nobody guesses. Errors:
// Invalid with the fields that are wrong, among them "code" for one that is taken.
func (s *Coupons) CreateCode(ctx context.Context, businessID business.ID, couponID ID, typed string, f CodeFields) (Code, error) {
	codes, err := s.AddCodes(ctx, businessID, couponID, []string{typed}, f)
	if err != nil {
		return Code{}, err
	}
	return codes[0], nil
}

// AddCodes makes codes of a coupon, which share their fields: all or nothing. Without a text
// it is one code that nobody guesses. Errors: as CreateCode.
func (s *Coupons) AddCodes(ctx context.Context, businessID business.ID, couponID ID, typed []string, f CodeFields) (codes []Code, err error) {
	texts, known := readCodes(typed, &f)
	if texts, err = s.orDrawn(texts, known); err != nil {
		return nil, err
	}
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		wrong := append(fault.Fields{}, known...)
		if _, err := lock(ctx, tx, businessID, couponID); fault.Is(err, fault.NotFound) {
			wrong.Add("coupon_id", "coupon.unknown", "There is no such coupon. It may have been deleted.")
		} else if err != nil {
			return err
		}
		if err := wrong.Err(); err != nil {
			return err
		}
		codes, err = createCodes(ctx, tx, businessID, couponID, texts, f)
		return err
	})
	return codes, err
}

// readCodes are the codes that were typed, each once, and what is wrong with them.
func readCodes(typed []string, f *CodeFields) (texts []string, wrong fault.Fields) {
	f.clean(&wrong)
	if len(typed) > MaxAtOnce {
		wrong.Add("code", "code.many", fmt.Sprintf("Make at most %d codes at once.", MaxAtOnce))
		return nil, wrong
	}
	seen := map[string]bool{}
	for _, t := range typed {
		if t == "" {
			continue
		}
		var bad fault.Fields
		code := readCode(t, &bad)
		switch {
		case len(bad) > 0 && len(typed) > 1 && !wrong.Has("code"):
			wrong.Add("code", BadCode, fmt.Sprintf("“%s” can’t be a code. Use %d to %d letters and digits, like SUMMER10; -, _ and . may stand between them.", shortened(t), minCode, maxCode))
		case len(bad) > 0 && !wrong.Has("code"):
			wrong = append(wrong, bad...)
		case !seen[code]:
			seen[code] = true
			texts = append(texts, code)
		}
	}
	return texts, wrong
}

// orDrawn are the texts, or one that nobody guesses where none was typed.
func (s *Coupons) orDrawn(texts []string, wrong fault.Fields) ([]string, error) {
	if len(texts) > 0 || len(wrong) > 0 {
		return texts, nil
	}
	drawn, err := made(s.db.Random())
	return []string{drawn}, err
}

// shortened is the beginning of what was typed for a code.
func shortened(typed string) string {
	letters := []rune(typed)
	return string(letters[:min(len(letters), maxCode)])
}

// createCodes inserts codes that were read. All that are taken are told at once.
func createCodes(ctx context.Context, tx *db.Tx, businessID business.ID, couponID ID, texts []string, f CodeFields) (codes []Code, err error) {
	if err := checkCount(ctx, tx, `SELECT COUNT(*) FROM promotion_codes WHERE business_id = $1 AND deleted_at IS NULL`, businessID, len(texts), maxCodes); err != nil {
		return nil, err
	}
	var taken []string
	for _, text := range texts {
		id, err := tx.NewID("pmc")
		if err != nil {
			return nil, err
		}
		c := Code{ID: CodeID(id), BusinessID: businessID, CouponID: couponID, Text: text, CodeFields: f, Version: 1, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		into, arguments := codeColumns.Insert(c)
		n, err := tx.Exec(ctx, `INSERT INTO promotion_codes `+into+` ON CONFLICT DO NOTHING`, arguments...)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			taken = append(taken, text)
			continue
		}
		if err := count(ctx, tx, businessID, id, f.Max); err != nil {
			return nil, err
		}
		codes = append(codes, c)
	}
	changed(tx, businessID)
	return codes, refuseTaken(taken)
}

func refuseTaken(codes []string) error {
	var wrong fault.Fields
	switch {
	case len(codes) == 1:
		wrong.Add("code", TakenCode, codes[0]+" is a code of yours already. Choose another.")
	case len(codes) > 1:
		wrong.Add("code", TakenCode, strings.Join(codes, ", ")+" are codes of yours already. Choose others.")
	}
	return wrong.Err()
}
