terraform {
  required_version = ">= 1.5"
}

# The queue of incoming orders. Messages are kept for seven days.
resource "queue" "orders_in" {
  name = "orders.in"

  retention = "7d"
}

output "queue_name" {
  value = queue.orders_in.name
}
