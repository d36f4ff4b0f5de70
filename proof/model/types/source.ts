/** Where a fact stands, so that every answer can point at the line to change. */
export interface Source {
  /** Path of the JSON file, relative to the directory that was loaded. */
  readonly file: string;
  /** Terraform address with the attribute behind it, e.g. `aws_api_gateway_method.get_orders.authorization`. */
  readonly address: string;
}
