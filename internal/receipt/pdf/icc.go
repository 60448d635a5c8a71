package pdf

import "encoding/binary"

// sRGB is a profile of the colours that the pages are written in (ICC.1:2001-04): the
// primaries of sRGB for the white of D50, and its curve as the power of 2.2.
func sRGB() []byte {
	fixed := func(values ...float64) (out []byte) {
		out = append([]byte("XYZ "), 0, 0, 0, 0)
		for _, v := range values {
			out = binary.BigEndian.AppendUint32(out, uint32(int32(v*65536+0.5)))
		}
		return out
	}
	text := func(s string) []byte { return append([]byte("text\x00\x00\x00\x00"), s+"\x00"...) }
	description := append([]byte("desc\x00\x00\x00\x00\x00\x00\x00\x05sRGB\x00"), make([]byte, 78)...)
	curve := append([]byte("curv\x00\x00\x00\x00\x00\x00\x00\x01"), 0x02, 0x33, 0, 0)
	tags := []struct {
		name string
		body []byte
	}{
		{"desc", description}, {"cprt", text("No rights reserved")}, {"wtpt", fixed(0.9642, 1, 0.8249)},
		{"rXYZ", fixed(0.43607, 0.22249, 0.01392)}, {"gXYZ", fixed(0.38515, 0.71687, 0.09708)}, {"bXYZ", fixed(0.14307, 0.06061, 0.7141)},
		{"rTRC", curve}, {"gTRC", curve}, {"bTRC", curve},
	}
	table, body := binary.BigEndian.AppendUint32(nil, uint32(len(tags))), []byte(nil)
	at := 128 + 4 + 12*len(tags)
	for _, t := range tags {
		table = append(table, t.name...)
		table = binary.BigEndian.AppendUint32(table, uint32(at+len(body)))
		table = binary.BigEndian.AppendUint32(table, uint32(len(t.body)))
		body = append(body, t.body...)
		body = append(body, make([]byte, -len(body)&3)...)
	}
	head := make([]byte, 128)
	binary.BigEndian.PutUint32(head, uint32(at+len(body)))
	copy(head[8:], []byte{2, 0x10, 0, 0})
	copy(head[12:], "mntrRGB XYZ ")
	for i, n := range []uint16{2026, 1, 1} { // its date
		binary.BigEndian.PutUint16(head[24+2*i:], n)
	}
	copy(head[36:], "acsp")
	copy(head[68:], fixed(0.9642, 1, 0.8249)[8:])
	return append(append(head, table...), body...)
}
