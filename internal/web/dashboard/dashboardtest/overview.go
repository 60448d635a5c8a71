package dashboardtest

const AtAcme = "/dashboard/acme"
