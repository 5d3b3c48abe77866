# Greets, in private.
module MyGem
  def self.greet(name)
    "Hello, #{name}!"
  end
end
