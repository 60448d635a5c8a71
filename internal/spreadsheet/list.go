package spreadsheet

import "strings"

// JoinList writes a list into a cell: "VIP, Newsletter". A part that holds a separator, or
// begins with a quotation mark, is quoted as a cell of a file is: `"a, b", c`.
func JoinList(parts []string) string {
	quoted := make([]string, len(parts))
	for i, p := range parts {
		if p == "" || strings.ContainsAny(p, ",;\n") || strings.HasPrefix(p, `"`) || strings.TrimSpace(p) != p {
			p = `"` + strings.ReplaceAll(p, `"`, `""`) + `"`
		}
		quoted[i] = p
	}
	return strings.Join(quoted, ", ")
}

// SplitList reads what JoinList writes, and what people do: parts behind commas or
// semicolons, without space around them. Empty ones are left out.
func SplitList(cell string) (parts []string) {
	for cell != "" {
		part, rest := nextPart(cell)
		if part != "" {
			parts = append(parts, part)
		}
		cell = rest
	}
	return parts
}

// nextPart takes the first part off a list.
func nextPart(cell string) (part, rest string) {
	if part, rest, quoted := quotedPart(strings.TrimSpace(cell)); quoted {
		return part, rest
	}
	end := strings.IndexAny(cell, ",;")
	if end < 0 {
		return strings.TrimSpace(cell), ""
	}
	return strings.TrimSpace(cell[:end]), cell[end+1:]
}

// quotedPart takes a part off that is quoted as a whole. Quotation marks that are only
// words of a part are left to it.
func quotedPart(cell string) (part, rest string, quoted bool) {
	inside, opened := strings.CutPrefix(cell, `"`)
	if !opened {
		return "", "", false
	}
	for from := 0; ; {
		end := strings.IndexByte(inside[from:], '"')
		if end < 0 {
			return "", "", false
		}
		end += from
		if strings.HasPrefix(inside[end:], `""`) {
			from = end + 2
			continue
		}
		part, rest = strings.ReplaceAll(inside[:end], `""`, `"`), strings.TrimSpace(inside[end+1:])
		if rest == "" {
			return part, "", true
		}
		return part, rest[1:], rest[0] == ',' || rest[0] == ';'
	}
}
