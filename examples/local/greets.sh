#!/bin/sh
# A smoke check by command: the service greets at the address that everybody uses.
exec curl --silent --fail --max-time 5 "http://$PILOTAGE_ADDRESS/" | grep -q '^hello from '
