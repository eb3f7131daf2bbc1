using System.Globalization;
using LivingCity.Twin.Models.Formats;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>Characters of a case file: comments (<c>%</c> or <c>#</c>), continuation (<c>...</c>), names, numbers, texts. It counts lines.</summary>
internal sealed class MatpowerLexer(string text, string name)
{
    private int _position;

    public int Line { get; private set; } = 1;

    /// <summary>Moves past separators and comments to the next statement; false at the end of the text.</summary>
    public bool SkipToStatement()
    {
        while (true)
        {
            SkipBlanks();
            if (_position < text.Length && text[_position] is '\n' or ';' or ',')
            {
                Advance();
            }
            else
            {
                return _position < text.Length;
            }
        }
    }

    public char Peek()
    {
        SkipBlanks();
        return _position < text.Length ? text[_position] : '\0';
    }

    public bool TryTake(char character)
    {
        if (Peek() != character)
        {
            return false;
        }

        Advance();
        return true;
    }

    public void Expect(char character)
    {
        if (!TryTake(character))
        {
            throw Error($"'{character}' was expected.");
        }
    }

    /// <summary>One of the operators, with or without the dot of element-wise arithmetic (which here is the same).</summary>
    public char? Operator(string operators)
    {
        var next = Peek();
        var dotted = next == '.' && _position + 1 < text.Length && operators.Contains(text[_position + 1], StringComparison.Ordinal);
        if (!dotted && !operators.Contains(next, StringComparison.Ordinal))
        {
            return null;
        }

        _position += dotted ? 1 : 0;
        return text[_position++];
    }

    public bool TryWord(string word)
    {
        SkipBlanks();
        if (string.CompareOrdinal(text, _position, word, 0, word.Length) != 0 || (_position + word.Length < text.Length && IsNamePart(text[_position + word.Length])))
        {
            return false;
        }

        _position += word.Length;
        return true;
    }

    /// <summary>A name, or of <c>mpc.bus</c> the last part.</summary>
    public string QualifiedName()
    {
        SkipBlanks();
        var start = _position;
        while (_position < text.Length && IsNamePart(text[_position]))
        {
            _position++;
        }

        if (start == _position)
        {
            throw Error(_position < text.Length ? $"'{text[_position]}' was not expected." : "the text ends inside a statement.");
        }

        if (_position + 1 < text.Length && text[_position] == '.' && IsNamePart(text[_position + 1]))
        {
            _position++;
            return QualifiedName();
        }

        return text[start.._position];
    }

    public bool TryNumber(out double value)
    {
        SkipBlanks();
        var end = _position;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.' || (text[end] is 'e' or 'E' && end > _position)
            || (text[end] is '+' or '-' && end > _position && text[end - 1] is 'e' or 'E')))
        {
            end++;
        }

        if (double.TryParse(text.AsSpan(_position, end - _position), NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            _position = end;
            return true;
        }

        if (TryWord("Inf") || TryWord("inf"))
        {
            value = double.PositiveInfinity;
            return true;
        }

        value = double.NaN;
        return TryWord("NaN") || TryWord("nan");
    }

    /// <summary>What comes next inside brackets: <c>;</c> for the end of a row (also a line's end), <c>]</c> (both taken), or a blank for an element.</summary>
    public char MatrixSeparator()
    {
        while (true)
        {
            var next = Peek();
            switch (next)
            {
                case ',': Advance(); break;
                case ';' or '\n': Advance(); return ';';
                case ']': Advance(); return ']';
                case '\0': throw Error("a matrix is not closed.");
                default: return ' ';
            }
        }
    }

    public void SkipTextOrCell()
    {
        var depth = 0;
        do
        {
            var next = Peek();
            switch (next)
            {
                case '\0': throw Error("a text or cell is not closed.");
                case '{': depth++; Advance(); break;
                case '}': depth--; Advance(); break;
                case '\'' or '"': SkipText(next); break;
                default: Advance(); break;
            }
        }
        while (depth > 0);
    }

    public void SkipLine()
    {
        while (_position < text.Length && text[_position] != '\n')
        {
            _position++;
        }
    }

    /// <summary>Moves past <c>;</c>, over continued lines.</summary>
    public void SkipStatement()
    {
        while (Peek() is not (';' or '\n' or '\0'))
        {
            Advance();
        }
    }

    public InputFormatException Error(string message) => new(name, Line, message);

    private static bool IsNamePart(char character) => char.IsAsciiLetterOrDigit(character) || character == '_';

    private void SkipText(char quote)
    {
        Advance();
        while (_position < text.Length && text[_position] != quote)
        {
            if (text[_position] == '\n')
            {
                throw Error("a text is not closed.");
            }

            _position++;
        }

        _position++;
    }

    private void SkipBlanks()
    {
        while (_position < text.Length)
        {
            if (text[_position] is ' ' or '\t' or '\r' or '\uFEFF')
            {
                _position++;
            }
            else if (text[_position] is '%' or '#')
            {
                SkipComment();
            }
            else if (string.CompareOrdinal(text, _position, "...", 0, 3) == 0)
            {
                SkipLine();
                Advance();
            }
            else
            {
                return;
            }
        }
    }

    // To the end of the line; from a line that holds %{ alone over all lines up to the one that holds %} alone.
    private void SkipComment()
    {
        var start = _position;
        SkipLine();
        if (text.AsSpan(start, _position - start).TrimEnd() is not "%{")
        {
            return;
        }

        while (_position < text.Length)
        {
            Advance();
            start = _position;
            SkipLine();
            if (text.AsSpan(start, _position - start).Trim() is "%}")
            {
                return;
            }
        }
    }

    private void Advance()
    {
        Line += _position < text.Length && text[_position] == '\n' ? 1 : 0;
        _position++;
    }
}
