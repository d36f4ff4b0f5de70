import * as xmldom from "@xmldom/xmldom";

export const SAML = "urn:oasis:names:tc:SAML:2.0:assertion";
export const METADATA = "urn:oasis:names:tc:SAML:2.0:metadata";
export const DSIG = "http://www.w3.org/2000/09/xmldsig#";

/** The part of the DOM that is read here; the compiler knows no DOM. */
export interface XmlElement {
  readonly nodeType: number;
  readonly localName: string;
  readonly namespaceURI: string | null;
  readonly childNodes: ArrayLike<{ readonly nodeType: number }>;
  readonly textContent: string;
  getAttribute(name: string): string | null;
}

/** A document is not well formed, or not of the form expected; says which rule, never what the document says. */
export class XmlError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "XmlError";
  }
}

const ELEMENT = 1;
const refuse = (): never => {
  throw new XmlError("XML is not well formed");
};

type ParserOptions = { readonly errorHandler: Readonly<Record<"warning" | "error" | "fatalError", () => never>> };
type Parser = { parseFromString(text: string, type: string): { readonly documentElement: XmlElement | null } };
const DOMParser = xmldom.DOMParser as unknown as new (options: ParserOptions) => Parser;

/**
 * The root of a document without a DTD, which is where entities that grow or read files come from. Every complaint of
 * the parser's is an error. It repairs some things without complaint, end tags that are missing above all
 * (xmldom 0.8), which is one more reason to believe nothing but the canonical form that a signature covers.
 *
 * @throws XmlError
 */
export function parseXml(text: string): XmlElement {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new XmlError("XML has a document type");
  const options = { errorHandler: { warning: refuse, error: refuse, fatalError: refuse } };
  return new DOMParser(options).parseFromString(text, "text/xml").documentElement ?? refuse();
}

export function elements(parent: XmlElement): XmlElement[] {
  return Array.from(parent.childNodes).filter((node): node is XmlElement => node.nodeType === ELEMENT);
}

/** Child elements of one name. */
export function children(parent: XmlElement, namespace: string, name: string): XmlElement[] {
  return elements(parent).filter((element) => isElement(element, namespace, name));
}

/** The child element of that name, of which there must be exactly one. */
export function only(parent: XmlElement, namespace: string, name: string): XmlElement {
  const [found, ...more] = children(parent, namespace, name);
  if (found === undefined || more.length > 0) throw new XmlError(`${name} is not there exactly once`);
  return found;
}

/** All elements of a tree, its root included. */
export function tree(root: XmlElement): XmlElement[] {
  return [root, ...elements(root).flatMap(tree)];
}

export function isElement(element: XmlElement, namespace: string, name: string): boolean {
  return element.namespaceURI === namespace && element.localName === name;
}

/** The text of an element that holds nothing else. */
export function textOf(element: XmlElement): string {
  const text = element.textContent.trim();
  if (elements(element).length > 0 || text === "") throw new XmlError(`${element.localName} is not text`);
  return text;
}

/** An attribute, or undefined where it is absent or empty. */
export function attribute(element: XmlElement, name: string): string | undefined {
  return element.getAttribute(name) || undefined;
}
