package statement

import "testing"

func TestBanksCallAnAccountInManyWays(t *testing.T) {
	const dutch, german, belgian = "NL91ABNA0417164300", "DE89370400440532013000", "BE68539007547034"
	for _, c := range []struct {
		iban, told string
		want       bool
	}{
		{dutch, dutch, true}, {dutch, dutch + "EUR", true}, {dutch, "417164300", true}, {dutch, "0417164300EUR", true},
		{dutch, "ABNANL2A/0417164300", true}, {dutch, "abnanl2a/0417164300EUR", true}, {dutch, "ABNANL2AXXX/417164300", true},
		{dutch, "INGBNL2A/0417164300", false}, {dutch, "ABNADEFF/0417164300", false}, {dutch, "ABNANL2A/0417164301", false},
		{german, "37040044/0532013000", true}, {german, "37040044/532013000EUR", true}, {german, "COBADEFFXXX/0532013000", true}, {german, "COBADEFF/532013000", true},
		{german, "50040000/0532013000", false}, {german, "COBAATWW/0532013000", false}, {german, "COBADEFF/2013000", false},
		{"NL32TRIO0390123456", "TRIODOSBANK/0390123456", true}, {"NL32TRIO0390123456", "TRIODOSBANK/0390123457", false}, {dutch, "TRIODOSBANK/0417164300", false},
		{belgian, "539007547034", true}, {belgian, "KREDBEBB/539-0075470-34", true}, {belgian, "007547034", false},
	} {
		if got := ofAccount(c.iban, c.told); got != c.want {
			t.Errorf("%s is called %s: %v", c.iban, c.told, got)
		}
	}
}
