package bankfile

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// deepest is how far elements may stand within each other; a statement needs half of it.
const deepest = 40

// camt walks through a CAMT.053 document, of 001.02 as of 001.08, and keeps no more of it
// than the entry it is in.
type camt struct {
	xml   *xml.Decoder
	piece *stretch
	into  *collector
	path  []string
	chars strings.Builder
	ccy   string // of the amount that is being read

	document, statement bool
	account, accountCcy string
	entry               camtEntry
	parts               []camtPart
	part                *camtPart // the one that is being read, nil outside of one
}

// camtEntry is what the bank says of a whole entry.
type camtEntry struct {
	line              int64
	amount, ccy       string
	sign, status, day string
	reversal          bool
	returned          bool // by its code, money that we sent and that came back
	id, text          string
}

// camtPart is one transaction of an entry.
type camtPart struct {
	amount, ccy         string // what came, or the best that is told of it
	total, totalCcy     string // of AmtDtls, in older versions
	sign                string
	id, endToEnd        string
	payer, ultimate     string
	iban, reference     string
	texts               []string
	additional, returns string
}

// returnedPayment is the code of a payment that its bank could not hand over (external code
// set of ISO 20022, BankTransactionSubFamily): the credit is our own money.
const returnedPayment = "RRTN"

func readCAMT(text io.Reader, into *collector) error {
	c := &camt{piece: &stretch{from: text, most: piece}, into: into}
	c.xml = xml.NewDecoder(c.piece)
	c.xml.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it was read already
	for {
		token, err := c.xml.Token()
		c.piece.now = 0
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return c.unreadable(err)
		}
		if err := c.see(token); err != nil {
			return err
		}
	}
	if !c.document {
		return errNotCAMT
	}
	return nil
}

var errNotCAMT = &Problem{Message: "This XML file is no bank statement. Download the statement as CAMT.053, MT940 or CSV."}

// line is where the file is read.
func (c *camt) line() int64 {
	line, _ := c.xml.InputPos()
	return int64(line)
}

func (c *camt) unreadable(err error) error {
	if problem := new(Problem); errors.As(err, &problem) {
		return problem
	}
	if wrong := new(xml.SyntaxError); errors.As(err, &wrong) {
		if strings.Contains(wrong.Msg, "unexpected EOF") {
			return endedEarly(int64(wrong.Line))
		}
		return &Problem{Line: int64(wrong.Line), Message: "The file is damaged here. Download it from your bank again."}
	}
	return err
}

func (c *camt) see(token xml.Token) error {
	switch t := token.(type) {
	case xml.Directive:
		return &Problem{Line: c.line(), Message: "This file has a DOCTYPE, which no bank’s statement has. Download the statement from your bank again."}
	case xml.StartElement:
		return c.begin(t)
	case xml.CharData:
		if c.chars.Len() < 4*maxText {
			c.chars.Write(t)
		}
	case xml.EndElement:
		return c.end()
	}
	return nil
}

func (c *camt) begin(t xml.StartElement) error {
	name := t.Name.Local
	if c.path = append(c.path, name); len(c.path) > deepest {
		return &Problem{Line: c.line(), Message: "Elements stand too deep within each other for a bank’s statement. Download it from your bank again."}
	}
	c.chars.Reset()
	switch len(c.path) {
	case 1:
		if name != "Document" {
			return errNotCAMT
		}
	case 2:
		switch name {
		case "BkToCstmrStmt":
			c.document = true
		case "BkToCstmrAcctRpt", "BkToCstmrDbtCdtNtfctn":
			return &Problem{Message: "This is a report of the day (CAMT.052 or CAMT.054), whose entries may still change. Download the statement, CAMT.053."}
		default:
			return errNotCAMT
		}
	case 3:
		if name == "Stmt" {
			c.account, c.accountCcy = "", ""
			if c.statement {
				c.into.section++
			}
			c.statement = true
		}
	case 4:
		if name == "Ntry" {
			line, _ := c.xml.InputPos()
			c.entry, c.parts, c.part = camtEntry{line: int64(line)}, nil, nil
		}
	case 6:
		if c.path[3] == "Ntry" && name == "TxDtls" {
			if len(c.parts) == MaxEntries {
				return errTooMany
			}
			c.parts = append(c.parts, camtPart{})
			c.part = &c.parts[len(c.parts)-1]
		}
	}
	c.ccy = ""
	for _, a := range t.Attr {
		if a.Name.Local == "Ccy" {
			c.ccy = a.Value
		}
	}
	return nil
}

func (c *camt) end() error {
	depth, text := len(c.path), strings.TrimSpace(c.chars.String())
	c.chars.Reset()
	switch {
	case depth == 4 && c.path[3] == "Ntry":
		if err := c.keep(); err != nil {
			return err
		}
	case depth > 4 && c.path[2] == "Stmt" && c.path[3] == "Acct":
		c.ofAccount(strings.Join(c.path[4:], "/"), text)
	case depth > 4 && c.path[3] == "Ntry":
		c.ofEntry(strings.Join(c.path[4:], "/"), text)
	}
	if depth == 6 {
		c.part = nil
	}
	c.path = c.path[:depth-1]
	return nil
}

func (c *camt) ofAccount(at, text string) {
	switch at {
	case "Id/IBAN", "Id/Othr/Id":
		c.account = compact(text)
	case "Ccy":
		c.accountCcy = text
	}
}

func (c *camt) ofEntry(at, text string) {
	e := &c.entry
	switch at {
	case "Amt":
		e.amount, e.ccy = text, c.ccy
	case "CdtDbtInd":
		e.sign = text
	case "RvslInd":
		e.reversal = text == "true" || text == "1"
	case "Sts", "Sts/Cd", "Sts/Prtry":
		if text != "" {
			e.status = text
		}
	case "BookgDt/Dt", "BookgDt/DtTm":
		e.day = text
	case "ValDt/Dt", "ValDt/DtTm":
		if e.day == "" {
			e.day = text
		}
	case "AcctSvcrRef":
		e.id = text
	case "AddtlNtryInf":
		e.text = text
	case "BkTxCd/Domn/Fmly/SubFmlyCd":
		e.returned = text == returnedPayment
	default:
		if within, found := strings.CutPrefix(at, "NtryDtls/TxDtls/"); found {
			c.ofPart(c.part, within, text)
		}
	}
}

func (c *camt) ofPart(p *camtPart, at, text string) {
	switch at {
	case "Amt":
		p.amount, p.ccy = text, c.ccy
	case "AmtDtls/TxAmt/Amt":
		p.total, p.totalCcy = text, c.ccy
	case "CdtDbtInd":
		p.sign = text
	case "Refs/AcctSvcrRef":
		p.id = text
	case "Refs/EndToEndId":
		p.endToEnd = text
	case "RltdPties/Dbtr/Nm", "RltdPties/Dbtr/Pty/Nm":
		p.payer = text
	case "RltdPties/UltmtDbtr/Nm", "RltdPties/UltmtDbtr/Pty/Nm":
		p.ultimate = text
	case "RltdPties/DbtrAcct/Id/IBAN", "RltdPties/DbtrAcct/Id/Othr/Id":
		p.iban = text
	case "RmtInf/Strd/CdtrRefInf/Ref":
		p.reference = text
	case "RmtInf/Ustrd", "RmtInf/Strd/AddtlRmtInf":
		if len(p.texts) < 20 {
			p.texts = append(p.texts, text)
		}
	case "AddtlTxInf":
		p.additional = text
	case "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry", "RtrInf/OrgnlBkTxCd/Prtry/Cd":
		p.returns = firstOf(p.returns, text)
	case "BkTxCd/Domn/Fmly/SubFmlyCd":
		if text == returnedPayment {
			p.returns = firstOf(p.returns, text)
		}
	}
}

// keep takes an entry in: whole, or each transaction of a batch by itself.
func (c *camt) keep() error {
	e := c.entry
	whole := Entry{Line: e.line, Account: c.account, Currency: strings.ToUpper(e.ccy), BankID: bankID(e.id), Text: e.text}
	if whole.Currency == "" {
		whole.Currency = c.accountCcy
	}
	var ok bool
	if whole.Minor, ok = minor(e.amount, "."); !ok {
		return &Problem{Line: e.line, Message: "This entry has no amount that can be read: “{{.Said}}”.", Said: short(e.amount, 40)}
	}
	switch {
	case e.status != "" && e.status != "BOOK":
		whole.Kind = Pending
	case e.reversal, e.returned && e.sign == "CRDT":
		whole.Kind = Reversal
	case e.sign == "CRDT":
		whole.Kind = Credit
	case e.sign == "DBIT":
		whole.Kind = Debit
	default:
		return &Problem{Line: e.line, Message: "This entry does not say whether money came or went."}
	}
	if whole.Day, ok = isoDay(e.day); !ok {
		if whole.Kind != Pending {
			return &Problem{Line: e.line, Message: "This entry has no day on which it was booked."}
		}
	}
	if len(c.parts) < 2 {
		if len(c.parts) == 1 {
			c.parts[0].fill(&whole)
			whole.BankID = firstOf(whole.BankID, bankID(c.parts[0].id))
			if c.parts[0].returns != "" && whole.Kind == Credit {
				whole.Kind = Reversal // money that we sent came back
			}
		}
		return c.into.add(whole)
	}
	if !c.addUp(whole) {
		whole.Unclear = true
		return c.into.add(whole)
	}
	for i, p := range c.parts {
		one := whole
		one.Text = ""
		p.fill(&one)
		one.Minor, _ = minor(firstOf(p.amount, p.total), ".")
		if one.BankID != "" {
			one.BankID += "/" + strconv.Itoa(i+1)
		} else {
			one.BankID = bankID(p.id)
		}
		if p.returns != "" && one.Kind == Credit {
			one.Kind = Reversal
		}
		if err := c.into.add(one); err != nil {
			return err
		}
	}
	return nil
}

// addUp reports whether the parts of a batch are all told, in the account's currency.
func (c *camt) addUp(whole Entry) bool {
	var sum int64
	for _, p := range c.parts {
		one, ok := minor(firstOf(p.amount, p.total), ".")
		ccy := firstOf(p.ccy, p.totalCcy)
		if p.amount == "" {
			ccy = p.totalCcy
		}
		if !ok || !strings.EqualFold(ccy, whole.Currency) || p.sign != "" && p.sign != c.entry.sign {
			return false
		}
		sum += one
	}
	return sum == whole.Minor
}

// fill adds what a transaction tells of who paid and what for.
func (p camtPart) fill(e *Entry) {
	e.Payer, e.PayerIBAN, e.Reference = firstOf(p.payer, p.ultimate), p.iban, p.reference
	if e.EndToEnd = p.endToEnd; bankID(p.endToEnd) == "" {
		e.EndToEnd = ""
	}
	e.Text = firstOf(strings.Join(p.texts, " "), p.additional, e.Text)
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}
