namespace LivingCity.Twin.Models.Formats;

/// <summary>Splits a text at white space and counts its lines.</summary>
internal sealed class TokenReader(TextReader reader)
{
    private readonly char[] _buffer = new char[1 << 15];
    private readonly System.Text.StringBuilder _token = new();
    private int _length;
    private int _position;

    /// <summary>Line of the last token, from 1.</summary>
    public int Line { get; private set; } = 1;

    public string? Next()
    {
        _token.Clear();
        while (_position < _length || Fill())
        {
            var character = _buffer[_position];
            if (!char.IsWhiteSpace(character))
            {
                _token.Append(character);
            }
            else if (_token.Length > 0)
            {
                break;
            }
            else if (character == '\n')
            {
                Line++;
            }

            _position++;
        }

        return _token.Length > 0 ? _token.ToString() : null;
    }

    private bool Fill()
    {
        _position = 0;
        _length = reader.Read(_buffer);
        return _length > 0;
    }
}
